import {definePreset} from '@primeuix/themes'
import Aura from '@primeuix/themes/aura'
import PrimeVue from 'primevue/config'
import ConfirmationService from 'primevue/confirmationservice'
import ToastService from 'primevue/toastservice'
import {createApp} from 'vue'
import App from './App.vue'
import './appearance'
import './style.css'
import {i18n} from './i18n'
import {router} from './router'

const shades = Object.fromEntries([50, 100, 200, 300, 400, 500, 600, 700, 800, 900, 950].map((n) => [n, `{teal.${n}}`]))
// Colours of texts that are too pale on their grounds otherwise: at least 4.5 to 1.
const dark = {success: {color: '{green.800}'}, info: {color: '{blue.800}'}, warn: {color: '{yellow.900}'}, error: {color: '{red.800}'}}
const theme = definePreset(Aura, {
  components: {
    message: {colorScheme: {light: dark}},
    toast: {colorScheme: {light: dark}},
    button: {
      colorScheme: {
        light: {
          root: {danger: {background: '{red.700}', hoverBackground: '{red.800}', activeBackground: '{red.900}', borderColor: '{red.700}', hoverBorderColor: '{red.800}'}, secondary: {color: '{slate.700}'}},
          outlined: {danger: {color: '{red.700}', borderColor: '{red.300}'}},
          text: {danger: {color: '{red.700}'}, secondary: {color: '{slate.600}'}}
        }
      }
    }
  },
  semantic: {
    primary: shades,
    colorScheme: {
      // White on it has a contrast of 5.5 to 1.
      light: {primary: {color: '{teal.700}', hoverColor: '{teal.800}', activeColor: '{teal.900}'}},
      dark: {formField: {background: '#10181b', borderColor: '#3a474c'}, primary: {color: '{teal.400}', hoverColor: '{teal.300}', activeColor: '{teal.200}'}}
    }
  }
})
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

createApp(App)
  .use(i18n)
  .use(router)
  .use(PrimeVue, {theme: {preset: theme, options: {darkModeSelector: '.dark'}}, csp: {nonce}})
  .use(ConfirmationService)
  .use(ToastService)
  .mount('#app')
