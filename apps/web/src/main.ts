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
const theme = definePreset(Aura, {
  semantic: {
    primary: shades,
    colorScheme: {
      // White on it has a contrast of 5.5 to 1.
      light: {primary: {color: '{teal.700}', hoverColor: '{teal.800}', activeColor: '{teal.900}'}},
      dark: {primary: {color: '{teal.400}', hoverColor: '{teal.300}', activeColor: '{teal.200}'}}
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
